// What an entry is for, and for how long it is there.

import { TextInput } from '@leafygreen-ui/text-input'
import { fieldProblem } from '../../api/sentence.ts'
import { moment } from '../../frame/moment.ts'
import { type Choosable, SelectField } from '../../frame/select-field.tsx'
import { type EntryFields, lives } from './entry.ts'

const always: Choosable = { value: 'always', word: 'Until it is deleted' }
const spans: readonly Choosable[] = Object.entries(lives).map(([value, word]) => ({ value, word: `${word} from now` }))

interface CommentAndLifeProps {
  readonly value: Pick<EntryFields, 'comment' | 'life'>
  readonly onChange: (change: Partial<EntryFields>) => void
  /** When an entry that is edited ends as it is; undefined: it does not. */
  readonly ends?: string | undefined
  readonly error: unknown
}

export function CommentAndLife({ value, onChange, ends, error }: CommentAndLifeProps) {
  const asIs = ends === undefined ? [] : [{ value: 'asIs', word: `As it is, until ${moment(ends)}` }]
  // The API takes a list; one is sent.
  const problem = fieldProblem(error, '[0].deleteAfterDate')
  return (
    <>
      <TextInput
        id="comment"
        label="Comment"
        optional
        maxLength={80}
        value={value.comment}
        onChange={({ target }) => onChange({ comment: target.value })}
      />
      <SelectField
        label="Lifetime"
        value={value.life}
        options={[...asIs, always, ...spans]}
        onChange={(life) => onChange({ life: life as EntryFields['life'] })}
        {...(problem !== undefined && { state: 'error', errorMessage: problem })}
      />
    </>
  )
}
