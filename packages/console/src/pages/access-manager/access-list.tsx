// From which addresses an API key or a service account may call.

import Button from '@leafygreen-ui/button'
import Modal from '@leafygreen-ui/modal'
import { TextInput } from '@leafygreen-ui/text-input'
import { Body, H3 } from '@leafygreen-ui/typography'
import type { OperationId } from '@postern/contract/routes'
import type { UseQueryResult } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useWork } from '../../api/operation.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { useToldOfOne } from '../../api/told.ts'
import { Answered } from '../../frame/answered.tsx'
import { ErrorBanner } from '../../frame/error-banner.tsx'
import { MayButton } from '../../frame/may.tsx'
import styles from './access-manager.module.css'

interface ListProps {
  /** Whose. */
  readonly name: string
  readonly entries: UseQueryResult<readonly string[]>
  readonly operations: { readonly add: OperationId; readonly remove: OperationId }
  readonly add: (cidrBlock: string) => Promise<unknown>
  readonly remove: (cidrBlock: string) => Promise<unknown>
  readonly onClose: () => void
}

export function AccessList({ name, entries, operations, add, remove, onClose }: ListProps) {
  const [address, setAddress] = useState('')
  const adding = useWork(add)
  const removing = useWork(remove)
  const error = useToldOfOne(adding, address)
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    await adding.mutateAsync(withLength(address.trim()))
    setAddress('')
  }
  return (
    <Modal open setOpen={onClose} aria-label={`Access list of ${name}`}>
      <H3 as="h2">API Access List</H3>
      <Body>
        {name} may call from these addresses only; from anywhere where the list is empty and the organization does not
        require one.
      </Body>
      <Answered query={entries}>
        {(all) => (
          <ul className={styles.entries} aria-label="Access list">
            {all.map((entry) => (
              <li key={entry}>
                <code>{entry}</code>
                <MayButton
                  size="xsmall"
                  operation={operations.remove}
                  aria-label={`Remove ${entry}`}
                  onClick={() => removing.mutate(entry)}
                >
                  Remove
                </MayButton>
              </li>
            ))}
            {all.length === 0 && <li className={styles.quiet}>No address is on the list.</li>}
          </ul>
        )}
      </Answered>
      <form className={styles.add} onSubmit={(event) => void send(event).catch(() => {})}>
        <div className={styles.grow}>
          <TextInput
            id="access-list-address"
            label="Add an address"
            description="An IP address, or a network such as 198.51.100.0/24"
            value={address}
            onChange={({ target }) => setAddress(target.value)}
            state={error === null ? 'none' : 'error'}
            errorMessage={error === null ? undefined : sentenceOf(error)}
          />
        </div>
        <MayButton operation={operations.add} type="submit" onClick={() => {}}>
          Add
        </MayButton>
      </form>
      {removing.error !== null && <ErrorBanner error={removing.error} />}
      <div className={styles.ways}>
        <Button onClick={onClose}>Close</Button>
      </div>
    </Modal>
  )
}

/** The API's lists are of networks; one address is one of full length. */
const withLength = (address: string): string => {
  if (address.includes('/')) return address
  return address.includes(':') ? `${address}/128` : `${address}/32`
}
