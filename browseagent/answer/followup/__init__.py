"""Follow-up questions: completed from what was asked and answered before, by rules, without a model."""
