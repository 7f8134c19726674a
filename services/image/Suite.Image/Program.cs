using Suite.Hosting;
using Suite.Image;

return await SuiteHost.RunAsync("image", args, ImageHost.Compose);
