using Suite.Layout;
using Suite.Testing.Files;

if (args is not [_, ..])
{
    Console.Error.WriteLine("""
        suite-layout PROGRAM [ARGUMENT...]
        Runs a program, notes which functions of ours are called by it and by all that it starts, and writes deploy/layout/EXECUTABLE.order:
        what lasts first, then what only a start needs. The compiler lays the functions out in that order.
        """);
    return 2;
}

var executables = TracedExecutable.Known(TestPaths.RepositoryRoot);
var status = new Tracer(executables).Run(args);
if (status != 0)
{
    Console.Error.WriteLine($"suite-layout: {args[0]} ended with {status}; the files stay as they are");
    return 1;
}

foreach (var executable in executables.Where(executable => executable.Lives.Count > 0))
{
    var path = Path.Combine(TestPaths.RepositoryRoot, "deploy", "layout", $"{executable.Name}.order");
    var order = CallOrder.Of(executable);
    File.WriteAllLines(path, order);
    Console.WriteLine($"{path}: {order.Count} of {executable.Functions.Count} functions, from {executable.Lives.Count} processes");
}

return 0;
