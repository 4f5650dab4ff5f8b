// Who is in a team. Only people of the organization are; who is invited may be in one already.

import Button from '@leafygreen-ui/button'
import Modal from '@leafygreen-ui/modal'
import { Body, H3 } from '@leafygreen-ui/typography'
import { type FormEvent, useState } from 'react'
import { call, useWork } from '../../api/operation.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { MayButton } from '../../frame/may.tsx'
import { SelectField } from '../../frame/select-field.tsx'
import styles from '../access-manager/access-manager.module.css'
import { isIn, type OrgMember, type Team } from './team.ts'

interface DialogProps {
  readonly orgId: string
  readonly team: Team
  /** Everybody of the organization. */
  readonly members: readonly OrgMember[]
  readonly onClose: () => void
}

export function TeamMembers({ orgId, team: { id, name }, members, onClose }: DialogProps) {
  const params = { orgId, teamId: id }
  const [wanted, setWanted] = useState('')
  const add = useWork((userId: string) => call('addOrgTeamUser', { params, body: { id: userId } }))
  const remove = useWork((userId: string) => call('removeOrgTeamUser', { params, body: { id: userId } }))
  const inside = members.filter(isIn(id))
  const outside = members.filter((one) => !isIn(id)(one))
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    await add.mutateAsync(wanted)
    setWanted('')
  }
  const error = add.error ?? remove.error
  return (
    <Modal open setOpen={onClose} aria-label={`Members of ${name}`}>
      <H3 as="h2">Members of {name}</H3>
      <ul className={styles.entries} aria-label="Members">
        {inside.map(({ id: userId, username, orgMembershipStatus }) => (
          <li key={userId}>
            <span>
              {username}
              {orgMembershipStatus === 'ACTIVE' ? '' : ' (invited)'}
            </span>
            <MayButton
              size="xsmall"
              operation="removeOrgTeamUser"
              aria-label={`Remove ${username}`}
              onClick={() => remove.mutate(userId)}
            >
              Remove
            </MayButton>
          </li>
        ))}
        {inside.length === 0 && <li className={styles.quiet}>Nobody is in this team.</li>}
      </ul>
      <form className={styles.add} onSubmit={(event) => void send(event).catch(() => {})}>
        <div className={styles.grow}>
          <SelectField
            label="Add a member"
            placeholder={
              outside.length === 0 ? 'Everybody of the organization is in it' : 'Somebody of the organization'
            }
            value={wanted}
            options={outside.map(({ id: value, username: word }) => ({ value, word }))}
            onChange={setWanted}
          />
        </div>
        <MayButton
          operation="addOrgTeamUser"
          type="submit"
          isLoading={add.isPending}
          blocked={wanted === '' ? 'Choose somebody first.' : undefined}
        >
          Add
        </MayButton>
      </form>
      {error !== null && <Body role="alert">{sentenceOf(error)}</Body>}
      <div className={styles.ways}>
        <Button onClick={onClose}>Close</Button>
      </div>
    </Modal>
  )
}
