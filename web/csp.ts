// The page's Content-Security-Policy, once: the build writes it into the page, the server sends it, tests read it.

const DIRECTIVES = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
];

const meta = DIRECTIVES.join("; ");

export const CSP = {
  /** For the meta element. */
  meta,
  /** For servers; a meta element cannot forbid framing. */
  headers: {
    "Content-Security-Policy": `${meta}; frame-ancestors 'none'`,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
  },
};
