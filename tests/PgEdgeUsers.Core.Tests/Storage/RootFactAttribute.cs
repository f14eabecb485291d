namespace PgEdgeUsers.Core.Tests.Storage;

/// <summary>A test that needs other accounts, and therefore root on Linux.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public const string Reason = "Needs root on Linux, to act as other accounts.";

    public RootFactAttribute() => Skip = Machine.IsLinuxRoot ? null : Reason;
}

/// <inheritdoc cref="RootFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootTheoryAttribute : TheoryAttribute
{
    public RootTheoryAttribute() => Skip = Machine.IsLinuxRoot ? null : RootFactAttribute.Reason;
}
