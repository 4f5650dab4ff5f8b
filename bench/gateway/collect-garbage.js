// What a process holds for its connections shows once the garbage of their making is gone: SIGUSR2 collects it.

process.on('SIGUSR2', () => globalThis.gc?.())
