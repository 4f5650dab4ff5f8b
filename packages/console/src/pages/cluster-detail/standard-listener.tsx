// The way into the cluster without a private endpoint: through the gateways, for addresses of the IP access list.

import { Banner, Variant } from '@leafygreen-ui/banner'
import { Link as TextLink } from '@leafygreen-ui/typography'
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { call, queryClient, useChange, useOperation } from '../../api/operation.ts'
import { Answered } from '../../frame/answered.tsx'
import { ConfirmDialog } from '../../frame/confirm-dialog.tsx'
import { CopyBlock } from '../../frame/copy-block.tsx'
import { useGroupId } from '../../frame/place.ts'
import { StatusBadge } from '../../frame/status-badge.tsx'
import { Switch } from '../../frame/switch.tsx'
import { useUrlState } from '../../frame/url-state.ts'
import type { ShownCluster } from '../cluster/shown-cluster.ts'
import { hostsOf } from '../connect/connection-string.ts'
import { DnsNote } from '../connect/dns-note.tsx'
import { CurrentAddress } from '../ip-access-list/current-address.tsx'
import styles from './cluster-detail.module.css'
import { ListenerUse } from './listener-use.tsx'
import { useStandardListener } from './use-standard-listener.ts'

export function StandardListener({ cluster }: { readonly cluster: ShownCluster }) {
  const groupId = useGroupId()
  const listener = useStandardListener(cluster)
  const privateOnly = useOperation('getGroupPrivateOnly', { params: { groupId } }).data?.enabled ?? false
  const { search, go, replace } = useUrlState()
  const params = { groupId, clusterName: cluster.name }
  const change = useChange('updateGroupClusterStandardListener')
  const state = listener.data?.state
  // Its string is one of the cluster's, and no event tells when the gateways serve it.
  useEffect(() => {
    if (state !== undefined) void queryClient.invalidateQueries({ queryKey: ['getGroupClusterConnectionStrings'] })
  }, [state])
  return (
    <Answered query={listener}>
      {({ id, enabled, policy, state, problem, accessList, srvConnectionString }) => (
        <>
          <Switch
            name="Standard connection through the gateway"
            says="Whoever comes from an address of the IP access list is let in without a private endpoint. Members’ own ports stay as they are: closing them is for whoever owns them."
            operation="updateGroupClusterStandardListener"
            on={enabled}
            error={change.error}
            busy={change.isPending}
            onChange={(on) => (on ? change.mutate({ params, body: { enabled: on } }) : go({ dialog: closeDialog }))}
          />
          <p>
            <StatusBadge kind="listener" status={state} />{' '}
            <TextLink as={Link} to={`/groups/${groupId}/network-access/ip-access-list`}>
              {entriesTold(accessList)}
            </TextLink>
          </p>
          {problem !== null && <Banner variant={Variant.Warning}>{problem}</Banner>}
          {problem === null && privateOnly && (
            <Banner variant={Variant.Info}>
              The project is private only, so that it stays closed until private connection strings only is turned off
              in Project Settings.
            </Banner>
          )}
          {enabled && !privateOnly && <CurrentAddress />}
          {srvConnectionString !== null && (
            <div className={styles.way}>
              <p className={styles.quiet}>SRV</p>
              <CopyBlock label="Standard SRV connection string" text={srvConnectionString} />
              <DnsNote names={hostsOf(srvConnectionString)} />
            </div>
          )}
          {id !== null && <ListenerUse clusterName={cluster.name} listener={{ policy }} />}
          {search.dialog === closeDialog && (
            <ConfirmDialog
              title="Close the standard connection"
              says="Whoever is connected through it is ended, and its connection strings lead nowhere until it is opened again, at the same ports."
              submit="Close"
              work={() => call('updateGroupClusterStandardListener', { params, body: { enabled: false } })}
              onClose={() => replace({ dialog: undefined })}
            />
          )}
        </>
      )}
    </Answered>
  )
}

const closeDialog = 'close-listener'

/** `count`: entries that name addresses and whose time is not over. */
const entriesTold = (count: number): string =>
  count === 0
    ? 'The IP access list lets no one in'
    : `${count} ${count === 1 ? 'entry' : 'entries'} of the IP access list`
