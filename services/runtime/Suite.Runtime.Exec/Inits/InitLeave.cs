namespace Suite.Runtime.Exec.Inits;

/// <summary>What an init needs whose starter goes away before it: that of suite-oci, where one command creates and another starts.</summary>
/// <param name="KeptDescriptors">How many descriptors after standard error the program is given.</param>
/// <param name="Gate">The reading end of a named pipe: a byte in it says start, and its closing that the program runs. -1: none.</param>
/// <param name="Complaint">A file for the report of what fails behind the gate, when nobody listens any more. -1: none.</param>
/// <param name="CgroupFollows">The starter makes the cgroup while the init mounts, and says so by <see cref="StarterCgroup.Tell"/>.</param>
internal sealed record InitLeave(int KeptDescriptors, int Gate, int Complaint, bool CgroupFollows = false);
