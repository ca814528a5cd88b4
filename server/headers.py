"""What responses tell browsers: what pages may load and do (Content Security Policy Level 3), and who may read."""

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
#: What all responses have. The data is public and no request has a session: any site may read it.
COMMON = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Content-Location, ETag, Link, Location, Retry-After, X-Release, X-Result-Limit, X-Result-Truncated"
    ),
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",
}
