using PgEdgeUsers.Core.Accounts;

namespace PgEdgeUsers.Core.Tests.Accounts;

public sealed class NameOrderTests
{
    [Fact]
    public void Names_are_sorted_without_regard_to_case_and_those_that_differ_only_in_case_by_code()
    {
        List<string> names = ["bob", "Zoe", "alice", "BOB", "Alice"];

        names.Sort(NameOrder.Comparer);

        Assert.Equal(["Alice", "alice", "BOB", "bob", "Zoe"], names);
    }
}
