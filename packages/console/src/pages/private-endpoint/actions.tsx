// What can be done to services and endpoints beside terminating them. The dialogs and the wizard behind it are in
// create/ and edit/.

import type { Endpoint, Service } from './filters.ts'

/** Beside the page's heading. */
export function PageActions() {
  return null
}

/** On a service's card. */
export function ServiceActions(_: { readonly service: Service }) {
  return null
}

/** In an endpoint's row. */
export function EndpointActions(_: { readonly service: Service; readonly endpoint: Endpoint }) {
  return null
}
