using Suite.Node;

return await Multicall.RunAsync(Environment.GetCommandLineArgs()[0], args);
