// A state that is to be shown for a while holds back the step that would end it. Pure.

/** What is left of the time until `settlesAt`, in milliseconds; 0 when it is over or there is none. */
export const heldMs = (settlesAt: Date | null, now: number): number =>
  settlesAt === null ? 0 : Math.max(0, settlesAt.getTime() - now)

/** `step`, or a wait until `settlesAt` where it is one of those that end a state. */
export const heldBack = <Step extends { readonly do: string }>(
  step: Step,
  {
    settlesAt,
    ends,
    now,
  }: { readonly settlesAt: Date | null; readonly ends: ReadonlySet<string>; readonly now: number },
): Step | { readonly do: 'wait'; readonly until: number } =>
  settlesAt !== null && settlesAt.getTime() > now && ends.has(step.do)
    ? { do: 'wait', until: settlesAt.getTime() }
    : step
