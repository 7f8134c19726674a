using Suite.Linux.Native;

namespace Suite.Hosting.Memory;

/// <summary>Gives back what a service does not use now: garbage, free pages of the C heap, and code that is mapped and not needed.</summary>
internal static class MemoryTrim
{
    public static void Run()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _ = Malloc.malloc_trim(0);
        ProgramPages.Release();
    }
}
