/**
 * The Content-Security-Policy of a page of ours: nothing from elsewhere, nothing inline; a form reaches the server
 * through the page's script or not at all. `images` are the sources that its pictures may have.
 */
export const pagePolicy = (images: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    `img-src ${images}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
