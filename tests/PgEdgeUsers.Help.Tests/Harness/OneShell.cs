namespace PgEdgeUsers.Help.Tests.Harness;

/// <summary>The tests share one session, and run one after the other: examples share the variable that names the user file, too.</summary>
[CollectionDefinition(nameof(OneShell))]
public sealed class OneShell : ICollectionFixture<Shell>;
