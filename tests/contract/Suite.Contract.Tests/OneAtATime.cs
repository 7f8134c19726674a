// Leak guards look at the whole machine: what another test has just then would be taken for left behind.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
