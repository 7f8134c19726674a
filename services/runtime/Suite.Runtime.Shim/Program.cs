using Suite.Runtime.Shim.Pods;

return ShimProcess.Run();
