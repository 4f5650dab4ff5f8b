// What a user may do: as many roles as one likes, each with its database where it is given on one.

import Button from '@leafygreen-ui/button'
import { TextInput } from '@leafygreen-ui/text-input'
import { useOperation } from '../../api/operation.ts'
import { fieldProblem } from '../../api/sentence.ts'
import { useGroupId } from '../../frame/place.ts'
import { SelectField } from '../../frame/select-field.tsx'
import { needsDatabase, roleWord, roleWords, specificRoles } from '../database-access/built-in-roles.ts'
import styles from './database-user.module.css'
import type { RoleField } from './user-form.ts'

interface FieldsProps {
  readonly roles: readonly RoleField[]
  readonly error: unknown
  readonly onChange: (roles: readonly RoleField[]) => void
}

export function RoleFields({ roles, error, onChange }: FieldsProps) {
  const groupId = useGroupId()
  const custom = (useOperation('listGroupCustomDbRoleRoles', { params: { groupId } }).data ?? []).map(
    ({ roleName }) => roleName,
  )
  const options = [
    ...Object.keys(roleWords).map((value) => ({ value, word: roleWord(value), group: 'Built-in Role' })),
    ...custom.map((value) => ({ value, group: 'Custom Roles' })),
    ...specificRoles.map((value) => ({ value, group: 'Specific Privileges' })),
  ]
  const change = (index: number, to: Partial<RoleField>): void =>
    onChange(roles.map((role, at) => (at === index ? { ...role, ...to } : role)))
  return (
    <fieldset className={styles.roles}>
      <legend>Database User Privileges</legend>
      {roles.map(({ role, database }, index) => {
        const problem = fieldProblem(error, `roles[${index}].databaseName`)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a role has no name of its own before it is chosen
          <fieldset key={index} className={styles.role} aria-label={`Role ${index + 1}`}>
            <SelectField
              label="Role"
              value={role}
              options={options}
              onChange={(next) => change(index, { role: next })}
            />
            {needsDatabase(role) ? (
              <TextInput
                id={`db-role-database-${index}`}
                label="Database"
                value={database}
                onChange={({ target }) => change(index, { database: target.value })}
                state={problem === undefined ? 'none' : 'error'}
                errorMessage={problem}
              />
            ) : (
              <span className={styles.quiet}>of the whole cluster</span>
            )}
            <Button
              type="button"
              size="small"
              aria-label={`Remove role ${index + 1}`}
              disabled={roles.length === 1}
              onClick={() => onChange(roles.filter((_, at) => at !== index))}
            >
              Remove
            </Button>
          </fieldset>
        )
      })}
      <div>
        <Button type="button" size="small" onClick={() => onChange([...roles, { role: 'readWrite', database: '' }])}>
          Add Another Role
        </Button>
      </div>
    </fieldset>
  )
}
