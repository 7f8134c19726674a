using Suite.Hosting;
using Suite.Registry;

return await SuiteHost.RunAsync("registry", args, RegistryComposition.Compose);
