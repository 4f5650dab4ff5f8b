// What is tested: a program that asks the Administration API for a private endpoint, as one of the application's own would.

/** Resolves with the endpoint's state once it stands; throws the sentence that it ended with otherwise. */
export async function provision({ api, groupId, region, vpcEndpointId, waited }) {
  const services = `/api/atlas/v2/groups/${groupId}/privateEndpoint`
  const { id } = await api('POST', `${services}/endpointService`, { providerName: 'AWS', region })
  await waited()
  await api('POST', `${services}/AWS/endpointService/${id}/endpoint`, { id: vpcEndpointId })
  await waited()
  const endpoint = await api('GET', `${services}/AWS/endpointService/${id}/endpoint/${vpcEndpointId}`)
  if (endpoint.connectionStatus !== 'AVAILABLE') throw new Error(endpoint.errorMessage)
  return endpoint.connectionStatus
}
