// A `mongodb+srv` name to hosts and options, by the rules of the drivers' Initial DNS Seedlist Discovery: targets must
// share the name's parent domain, and TXT may say authSource and replicaSet only.

import { resolveSrv, resolveTxt } from 'node:dns/promises'
import type { DeploymentString } from './connection-string.ts'
import { normalHost, refusedDeployment } from './connection-string.ts'

/** As much of `node:dns/promises` as this needs. */
export interface SrvLookup {
  readonly resolveSrv: (name: string) => Promise<readonly { readonly name: string; readonly port: number }[]>
  readonly resolveTxt: (name: string) => Promise<readonly (readonly string[])[]>
}

/** The system's own resolver. */
export const systemSrvLookup: SrvLookup = { resolveSrv, resolveTxt }

/** The string with its hosts filled in. Throws POSTERN_DEPLOYMENT_REFUSED. */
export const resolveSrvString = async (string: DeploymentString, dns: SrvLookup): Promise<DeploymentString> => {
  if (string.srv === null) return string
  const name = string.srv
  const records = await dns.resolveSrv(`_mongodb._tcp.${name}`).catch((cause: Error) => {
    throw refusedDeployment('connectionString', `the SRV records of ${name} cannot be found (${codeOf(cause)})`)
  })
  const parent = name.split('.').length > 2 ? name.slice(name.indexOf('.')) : `.${name}`
  for (const { name: target } of records) {
    if (target.toLowerCase().replace(/\.$/, '').endsWith(parent)) continue
    throw refusedDeployment('connectionString', `the SRV records of ${name} lead out of its domain, to ${target}`)
  }
  const options = new URLSearchParams((await textOf(name, dns)).join(''))
  for (const option of options.keys()) {
    if (option !== 'authSource' && option !== 'replicaSet') {
      throw refusedDeployment('connectionString', `the TXT record of ${name} may not say ${option.slice(0, 60)}`)
    }
  }
  return {
    ...string,
    hosts: records.map((record) => normalHost(`${record.name.replace(/\.$/, '')}:${record.port}`)),
    replicaSet: string.replicaSet ?? options.get('replicaSet'),
    authSource: string.authSource === 'admin' ? (options.get('authSource') ?? 'admin') : string.authSource,
  }
}

const textOf = async (name: string, dns: SrvLookup): Promise<readonly string[]> => {
  const records = await dns.resolveTxt(name).catch(() => [])
  if (records.length > 1) throw refusedDeployment('connectionString', `${name} has more than one TXT record`)
  return records[0] ?? []
}

const codeOf = (cause: Error): string => ('code' in cause ? String(cause.code) : cause.message)
