// Add and edit a custom role.

import Button from '@leafygreen-ui/button'
import { TextInput } from '@leafygreen-ui/text-input'
import { useToast } from '@leafygreen-ui/toast'
import { type FormEvent, useState } from 'react'
import { call, useWork } from '../../api/operation.ts'
import { fieldProblem } from '../../api/sentence.ts'
import { useTold } from '../../api/told.ts'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { useGroupId } from '../../frame/place.ts'
import { ActionRow } from './action-row.tsx'
import styles from './custom-db-role.module.css'
import {
  type CustomRole,
  type CustomRoleFields,
  changedRoleBody,
  fieldsOf,
  type InheritedField,
  newRole,
  newRoleBody,
} from './role-form.ts'

interface DialogProps {
  /** None: a new one. */
  readonly role?: CustomRole
  readonly onClose: () => void
}

/** The list with one of its items changed, or without it. */
const withItem = <Item,>(list: readonly Item[], at: number, item: Item): readonly Item[] =>
  list.map((one, index) => (index === at ? item : one))
const without = <Item,>(list: readonly Item[], at: number): readonly Item[] => list.filter((_, index) => index !== at)

export function RoleDialog({ role, onClose }: DialogProps) {
  const groupId = useGroupId()
  const { pushToast } = useToast()
  const [fields, setFields] = useState(() => (role === undefined ? newRole : fieldsOf(role)))
  const set = (change: Partial<CustomRoleFields>): void => setFields((before) => ({ ...before, ...change }))
  const work = useWork((wish: CustomRoleFields) =>
    role === undefined
      ? call('createGroupCustomDbRoleRole', { params: { groupId }, body: newRoleBody(wish) })
      : call('updateGroupCustomDbRoleRole', {
          params: { groupId, roleName: role.roleName },
          body: changedRoleBody(wish),
        }),
  )
  const error = useTold(work, newRoleBody(fields))
  const nameProblem = fieldProblem(error, 'roleName')
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    await work.mutateAsync(fields)
    pushToast({ title: `${fields.name} is ${role === undefined ? 'added' : 'changed'}`, variant: 'success' })
    onClose()
  }
  const { actions, inherited } = fields
  return (
    <FormDialog
      title={role === undefined ? 'Add Custom Role' : `Edit ${role.roleName}`}
      submit={role === undefined ? 'Add Custom Role' : 'Update Custom Role'}
      busy={work.isPending}
      error={error}
      onSubmit={(event) => void send(event).catch(() => {})}
      onClose={onClose}
    >
      {role === undefined && (
        <TextInput
          id="custom-role-name"
          label="Custom Role Name"
          autoComplete="off"
          value={fields.name}
          onChange={({ target }) => set({ name: target.value })}
          state={nameProblem === undefined ? 'none' : 'error'}
          errorMessage={nameProblem}
        />
      )}
      <fieldset className={styles.rows}>
        <legend>Actions</legend>
        {actions.map((field, index) => (
          <ActionRow
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are told apart by where they are alone
            key={index}
            index={index}
            field={field}
            onChange={(next) => set({ actions: withItem(actions, index, next) })}
            onRemove={() => set({ actions: without(actions, index) })}
          />
        ))}
        <div>
          <Button
            type="button"
            size="small"
            onClick={() => set({ actions: [...actions, { action: 'FIND', database: '', collection: '' }] })}
          >
            Add an Action
          </Button>
        </div>
      </fieldset>
      <fieldset className={styles.rows}>
        <legend>Inherited Roles</legend>
        {inherited.map((field, index) => (
          <InheritedRow
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are told apart by where they are alone
            key={index}
            index={index}
            field={field}
            onChange={(next) => set({ inherited: withItem(inherited, index, next) })}
            onRemove={() => set({ inherited: without(inherited, index) })}
          />
        ))}
        <div>
          <Button
            type="button"
            size="small"
            onClick={() => set({ inherited: [...inherited, { role: '', database: '' }] })}
          >
            Add an Inherited Role
          </Button>
        </div>
      </fieldset>
    </FormDialog>
  )
}

interface RowProps {
  readonly index: number
  readonly field: InheritedField
  readonly onChange: (field: InheritedField) => void
  readonly onRemove: () => void
}

const InheritedRow = ({ index, field, onChange, onRemove }: RowProps) => (
  <fieldset className={styles.inherited} aria-label={`Inherited role ${index + 1}`}>
    <TextInput
      id={`inherited-role-${index}`}
      label="Role"
      placeholder="role, such as read"
      value={field.role}
      onChange={({ target }) => onChange({ ...field, role: target.value })}
    />
    <TextInput
      id={`inherited-database-${index}`}
      label="Database"
      placeholder="database"
      value={field.database}
      onChange={({ target }) => onChange({ ...field, database: target.value })}
    />
    <Button type="button" size="small" aria-label={`Remove inherited role ${index + 1}`} onClick={onRemove}>
      Remove
    </Button>
  </fieldset>
)
