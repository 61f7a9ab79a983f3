"""What people type, checked: each refusal is a sentence they can act on (R29)."""
