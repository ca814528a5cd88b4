"""What pages may load and do (Content Security Policy Level 3)."""

#: Everything comes from this host, no script or style stands in a page, and no page of another site holds ours in a
#: frame. Scripts may draw what they make themselves (`data:`) and ask this host.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: The page of the editor: its table of results brings one style element of its own, for the grips of its columns.
EDITOR_POLICY = CONTENT_SECURITY_POLICY.replace(
    "style-src 'self'", "style-src 'self' 'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='"
)
