"""Training side of Interlinear: the starter model and the stages that adapt a model."""
