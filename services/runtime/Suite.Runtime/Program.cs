using Suite.Hosting;
using Suite.Runtime;

return await SuiteHost.RunAsync("runtime", args, RuntimeParts.AddTo);
