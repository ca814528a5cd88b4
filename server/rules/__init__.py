"""The rules of validation: `/shapes`, a page for each, and `/validation`: what they find in a release."""
