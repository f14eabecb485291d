// The examples share the environment variable that names the user file.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
