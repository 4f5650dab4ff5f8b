// Which version of a resource answers, judged from `Accept`, or from the body's type where that names none. Atlas
// versions each resource by date: the newest version that is not newer than the date asked for answers, and says so in
// its content type. Clients ask for dates that many resources do not have (the MCP server sends one date everywhere), and
// some send no date at all: they get the newest.

import { AtlasError } from '@postern/contract/errors'
import type { Route } from '@postern/contract/routes'

const versioned = /application\/vnd\.atlas\.(\d{4}-\d{2}-\d{2})\+json/i

/**
 * Answers a member of `route.versions`; '' for a route without versions; under /api/atlas/v1.0 the oldest.
 * Throws INVALID_VERSION_DATE (406) when the date asked for is older than the resource.
 */
export const chooseVersion = (
  route: Route,
  { accept, contentType }: { readonly accept: string | null; readonly contentType: string | null },
  legacy: boolean,
): string => {
  const [oldest] = route.versions
  const newest = route.versions.at(-1)
  if (oldest === undefined || newest === undefined) return ''
  if (legacy) return oldest
  const asked = (versioned.exec(accept ?? '') ?? versioned.exec(contentType ?? ''))?.[1]
  if (asked === undefined) return newest
  const chosen = route.versions.findLast((version) => version <= asked)
  if (chosen === undefined) throw new AtlasError('INVALID_VERSION_DATE', { version: asked, oldest })
  return chosen
}

/** The content type of a successful answer in that version. */
export const contentTypeOf = (version: string, legacy: boolean): string =>
  version === '' || legacy ? 'application/json' : `application/vnd.atlas.${version}+json;charset=utf-8`
