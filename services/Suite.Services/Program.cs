using Suite.Services;

return await Multicall.RunAsync(Environment.GetCommandLineArgs()[0], args);
