// Stands in a file of its own, so that the page needs no script inside it.
window.ui = SwaggerUIBundle({
  // Relative to the page, which may stand below any path.
  url: new URL("openapi.json", window.location.href).href,
  dom_id: "#api",
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "none",
  // The description is checked by our own tests; nothing is sent to a validator elsewhere.
  validatorUrl: null,
});
