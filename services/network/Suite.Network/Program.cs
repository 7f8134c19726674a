using Suite.Hosting;
using Suite.Network;

return await SuiteHost.RunAsync("network", args, NetworkComposition.Compose);
