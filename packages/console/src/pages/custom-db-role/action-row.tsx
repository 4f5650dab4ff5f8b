// One action of a custom role, and where it applies.

import Button from '@leafygreen-ui/button'
import { TextInput } from '@leafygreen-ui/text-input'
import { type PrivilegeActionName, privilegeActionNames } from '@postern/contract/database-privilege'
import { SelectField } from '../../frame/select-field.tsx'
import styles from './custom-db-role.module.css'
import { type ActionField, isOfCluster } from './role-form.ts'

const actions = privilegeActionNames.map((value) => ({ value }))

interface RowProps {
  readonly index: number
  readonly field: ActionField
  readonly onChange: (field: ActionField) => void
  readonly onRemove: () => void
}

export const ActionRow = ({ index, field, onChange, onRemove }: RowProps) => (
  <fieldset className={styles.row} aria-label={`Action ${index + 1}`}>
    <SelectField
      label="Action"
      value={field.action}
      options={actions}
      onChange={(action) => onChange({ ...field, action: action as PrivilegeActionName })}
    />
    {isOfCluster(field.action) ? (
      <>
        <span className={styles.quiet}>the cluster</span>
        <span />
      </>
    ) : (
      <>
        <TextInput
          id={`action-database-${index}`}
          label="Database"
          placeholder="every database"
          value={field.database}
          onChange={({ target }) => onChange({ ...field, database: target.value })}
        />
        <TextInput
          id={`action-collection-${index}`}
          label="Collection"
          placeholder="every collection"
          value={field.collection}
          onChange={({ target }) => onChange({ ...field, collection: target.value })}
        />
      </>
    )}
    <Button type="button" size="small" aria-label={`Remove action ${index + 1}`} onClick={onRemove}>
      Remove
    </Button>
  </fieldset>
)
