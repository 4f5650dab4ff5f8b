// The local cloud: the consumer side of all three providers on this machine.

export const localCloudSchemas = {} as const
