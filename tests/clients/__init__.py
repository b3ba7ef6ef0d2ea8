"""Registry, onboarding, access."""
