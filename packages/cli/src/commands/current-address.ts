// `--currentIp`: the address that our requests come from, as the server sees it.

import type { Context } from '../core/context.ts'

export async function currentAddress(context: Context): Promise<string> {
  return (await (await context.client()).call('getIpInfo')).body.currentIpv4Address
}
