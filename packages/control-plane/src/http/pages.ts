// The two documents that the engine itself serves: what this server is, in plain HTML, and its OpenAPI description.
// The page loads nothing and runs nothing.

import { openApiDocument } from '@postern/contract/openapi'
import { fixedHeaders } from './render.ts'

const policy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const home = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Postern</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem; color-scheme: light dark }
  code { font-size: .95em }
</style>
<h1>Postern</h1>
<p>Private endpoints for any MongoDB deployment, with the Atlas Administration API on the wire.</p>
<p>This is the API. The official <code>atlas</code> command line, the Terraform provider and the SDKs work against it when
they are given this address as their base URL, together with an API key or a service account.</p>
<ul>
  <li><a href="/openapi.json">What it answers</a> (OpenAPI 3.1)</li>
  <li><a href="/healthz">Is it alive</a></li>
  <li><a href="/readyz">Is it ready</a>, its store included</li>
</ul>
<p>Commands to begin with: <code>npx postern privateEndpoints aws list</code>,
<code>npx postern clusters connectionStrings describe Cluster0</code>.</p>
</html>
`

/** Answers a GET of one of the two documents; undefined for every other path. `url` is the one server it names. */
export const createPages = (): ((rawPath: string, url: string) => Response | undefined) => {
  let described: { readonly url: string; readonly text: string } | undefined
  const openApi = (url: string): string => {
    if (described?.url !== url) described = { url, text: JSON.stringify(openApiDocument(url)) }
    return described.text
  }
  return (rawPath, url) => {
    if (rawPath === '/')
      return new Response(home, {
        headers: { ...fixedHeaders, 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
      })
    if (rawPath === '/openapi.json')
      return new Response(openApi(url), { headers: { ...fixedHeaders, 'content-type': 'application/json' } })
    return undefined
  }
}
