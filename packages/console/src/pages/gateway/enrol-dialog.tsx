// The one-time token of a gateway that is to be: what it may run and for whom, then the command for its machine, shown once.

import { Checkbox } from '@leafygreen-ui/checkbox'
import { Radio, RadioGroup } from '@leafygreen-ui/radio-group'
import { TextInput } from '@leafygreen-ui/text-input'
import { Error as ErrorText } from '@leafygreen-ui/typography'
import type { ReplyOf } from '@postern/contract/schemas/operations'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../api/operation.ts'
import { fieldProblem } from '../../api/sentence.ts'
import { useTold } from '../../api/told.ts'
import { CopyBlock } from '../../frame/copy-block.tsx'
import { FormDialog } from '../../frame/form-dialog.tsx'
import { useMayNot } from '../../frame/may.tsx'
import { moment } from '../../frame/moment.ts'
import { useGroupId, useGroups, useOrgId } from '../../frame/place.ts'
import { SecretShown } from '../../frame/secret-shown.tsx'
import { SelectField } from '../../frame/select-field.tsx'
import { useKept } from '../../frame/use-kept.ts'
import styles from './gateway.module.css'
import { type Edge, type Enrolment, enrolBlocked, lives, programWords, startCommand } from './gateway.ts'

/** On a project's page for that project, unless one chooses otherwise. */
const firstIn = (groupId: string): Enrolment => ({
  edge: '',
  programs: ['gateway'],
  someProjects: groupId !== '',
  groupIds: groupId === '' ? [] : [groupId],
  minutes: '60',
})

interface EnrolProps {
  readonly edges: readonly Edge[]
  readonly onClose: () => void
}

export function EnrolDialog({ edges, onClose }: EnrolProps) {
  const orgId = useOrgId()
  const groups = (useGroups().data?.results ?? []).filter((group) => group.orgId === orgId)
  const [wish, set] = useKept({ form: 'enrol', first: firstIn(useGroupId()) })
  const [made, setMade] = useState<ReplyOf<'createEdgeEnrolment'>>()
  const enrol = useChange('createEdgeEnrolment')
  const mayNot = useMayNot()('createEdgeEnrolment')
  const body = {
    programs: wish.programs as ['gateway'],
    ...(wish.someProjects && { groupIds: [...wish.groupIds] }),
    expiresAfterMinutes: Number(wish.minutes),
  }
  const error = useTold(enrol, { ...body, edge: wish.edge })
  const projectProblem = fieldProblem(error, 'groupIds')
  const known = edges.find(({ edge }) => edge === wish.edge)
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setMade(await enrol.mutateAsync({ params: { edge: wish.edge }, body }))
  }
  if (made !== undefined) return <Made made={made} onClose={onClose} />
  return (
    <FormDialog
      title="Enrol Gateway"
      says="A token is made that works once: with it the gateway makes a key of its own, by which it is known from then on."
      submit="Create Token"
      busy={enrol.isPending}
      error={error}
      blocked={mayNot ?? enrolBlocked(wish)}
      onSubmit={(event) => void send(event).catch(() => {})}
      onClose={onClose}
    >
      <TextInput
        id="enrol-edge"
        label="Name"
        description={
          known === undefined
            ? 'Of the machine, as its POSTERN_EDGE says.'
            : 'There is one of this name: the new one takes its place when the token is used.'
        }
        placeholder="gateway-1"
        autoComplete="off"
        value={wish.edge}
        onChange={({ target }) => set({ edge: target.value })}
      />
      <fieldset className={styles.choices}>
        <legend>Runs</legend>
        {Object.entries(programWords).map(([program, word]) => (
          <Checkbox
            key={program}
            label={word}
            checked={wish.programs.includes(program)}
            onChange={({ target }) =>
              set({
                programs: target.checked
                  ? Object.keys(programWords).filter((each) => each === program || wish.programs.includes(each))
                  : wish.programs.filter((each) => each !== program),
              })
            }
          />
        ))}
      </fieldset>
      <fieldset className={styles.choices}>
        <legend>Serves</legend>
        <RadioGroup
          name="enrol-serves"
          aria-label="Serves"
          value={wish.someProjects ? 'some' : 'all'}
          onChange={({ target }) => set({ someProjects: target.value === 'some' })}
        >
          <Radio value="all">Every project of the organizations that you own</Radio>
          <Radio value="some">Only some projects</Radio>
        </RadioGroup>
        {wish.someProjects && (
          <div className={styles.some}>
            {groups.map(({ id = '', name }) => (
              <Checkbox
                key={id}
                label={name}
                checked={wish.groupIds.includes(id)}
                onChange={({ target }) =>
                  set({
                    groupIds: target.checked ? [...wish.groupIds, id] : wish.groupIds.filter((each) => each !== id),
                  })
                }
              />
            ))}
            {projectProblem === undefined ? (
              <span className={styles.quiet}>It is sent nothing of other projects.</span>
            ) : (
              <ErrorText>{projectProblem}</ErrorText>
            )}
          </div>
        )}
      </fieldset>
      <SelectField
        label="The token can be used for"
        value={wish.minutes}
        options={Object.entries(lives).map(([value, word]) => ({ value, word }))}
        onChange={(minutes) => set({ minutes })}
      />
    </FormDialog>
  )
}

const Made = ({ made, onClose }: { readonly made: ReplyOf<'createEdgeEnrolment'>; readonly onClose: () => void }) => (
  <SecretShown
    title={`Start ${made.edge}`}
    says={`Copy it now: the token is not shown again. It works once, until ${moment(made.expires)}.`}
    onClose={onClose}
  >
    <div className={styles.command}>
      <CopyBlock
        label="Command"
        text={startCommand(window.location.origin, made.edge, made.token, made.serves.programs)}
      />
    </div>
  </SecretShown>
)
