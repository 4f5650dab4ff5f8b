// Every refusal of a command, by MongoDB's own name and code (the server's error_codes table). Throwing takes the
// name; the reply and the drivers' retry logic follow from it.

const errorCodes = {
  InternalError: 1,
  BadValue: 2,
  UserNotFound: 11,
  Unauthorized: 13,
  TypeMismatch: 14,
  Overflow: 15,
  InvalidLength: 16,
  ProtocolError: 17,
  AuthenticationFailed: 18,
  InvalidBSON: 22,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  RoleNotFound: 31,
  CursorNotFound: 43,
  NamespaceExists: 48,
  InvalidRoleModification: 49,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  FailedToParse: 9,
  CommandNotSupported: 115,
  TransactionTooOld: 225,
  IllegalOperation: 20,
  ExceededTimeLimit: 262,
  OperationNotSupportedInTransaction: 263,
  UnsupportedOpQueryCommand: 352,
  NotWritablePrimary: 10107,
  BSONObjectTooLarge: 10334,
  DuplicateKey: 11000,
  InterruptedDueToReplStateChange: 11602,
  NotPrimaryNoSecondaryOk: 13435,
  RoleAlreadyExists: 51002,
  UserAlreadyExists: 51003,
  UnrecognizedStage: 40324,
  UnknownField: 40415,
} as const
export type ErrorName = keyof typeof errorCodes

/** Errors after which the drivers look for the new primary and, where they may, send the same write again. */
const stateChanges: ReadonlySet<ErrorName> = new Set([
  'NotWritablePrimary',
  'NotPrimaryNoSecondaryOk',
  'InterruptedDueToReplStateChange',
])

export class CommandError extends Error {
  readonly codeName: ErrorName
  readonly extra: Readonly<Record<string, unknown>>

  /** @param extra further fields of the reply, such as `keyPattern` of a duplicate key */
  constructor(codeName: ErrorName, message: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.codeName = codeName
    this.extra = extra
  }

  get code(): number {
    return errorCodes[this.codeName]
  }

  get isStateChange(): boolean {
    return stateChanges.has(this.codeName)
  }

  /** `{ ok: 0, errmsg, code, codeName, ... }` as the server words it. */
  reply(): Record<string, unknown> {
    const codeName =
      this.codeName === 'UnrecognizedStage' || this.codeName === 'UnknownField' ? `Location${this.code}` : this.codeName
    return { ok: 0, errmsg: this.message, code: this.code, codeName, ...this.extra }
  }

  /** The element of `writeErrors` for statement `index`. */
  writeError(index: number): Record<string, unknown> {
    return { index, code: this.code, errmsg: this.message, ...this.extra }
  }
}

/** Anything thrown, as a CommandError; what the query library throws is a fault of the command, not ours. */
export function asCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error
  if (error instanceof RangeError) return new CommandError('Overflow', 'the command is nested too deeply or too large')
  const message = error instanceof Error ? error.message : String(error)
  return new CommandError('BadValue', message)
}
