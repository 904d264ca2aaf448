/** What a browser sees at the root: where to go next. */
export const landingPage = (release: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Modeldrop</title>
<style>
  :root { color-scheme: light dark; font: 1rem/1.6 system-ui, sans-serif }
  body { max-width: 40rem; margin: 10vh auto; padding: 0 1rem }
  code { font-size: .95em }
</style>
<h1>Modeldrop</h1>
<p>Drop a model in a bucket, get an API. This server is alive, version ${release}.</p>
<ul>
  <li><a href="openapi.json"><code>/openapi.json</code></a>: every route, as OpenAPI 3.1</li>
  <li><code>GET /v1/models</code> with your key: the models you may call</li>
</ul>
</html>
`;
