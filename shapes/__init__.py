"""What a valid publication is: SHACL shapes, validation, reports."""
