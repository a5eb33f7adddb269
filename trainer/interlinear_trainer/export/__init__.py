"""What becomes of an adapter: merged into its base and exported for the embedded engine."""
