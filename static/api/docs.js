// Shows the OpenAPI document. Calls are tried out with the reader's own token, which is kept nowhere.
const place = document.getElementById("docs");
SwaggerUIBundle({
  domNode: place,
  url: place.dataset.schema,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  validatorUrl: null,
  persistAuthorization: false,
  requestSnippetsEnabled: true,
});
