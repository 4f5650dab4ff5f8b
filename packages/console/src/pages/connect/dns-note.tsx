// Whom an application has to ask for names that no other DNS server knows.

import { useOperation } from '../../api/operation.ts'
import { Copied } from '../../frame/copied.tsx'
import styles from './connect.module.css'
import { dnsServers } from './dns-servers.ts'

export function DnsNote({ names }: { readonly names: readonly string[] }) {
  const servers = dnsServers(useOperation('listEdges').data?.results ?? [])
  return (
    <div className={styles.quiet}>
      <p>
        The names {names.join(' and ')} are known to the DNS server of this installation: the resolver of your
        application has to ask it{servers.length > 0 ? ':' : '.'}
      </p>
      {servers.length > 0 && (
        <ul className={styles.servers} aria-label="DNS server">
          {servers.map((server) => (
            <li key={server}>
              <Copied text={server} what="the DNS server’s address" />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
