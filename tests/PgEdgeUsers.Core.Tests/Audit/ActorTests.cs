using PgEdgeUsers.Core.Audit;

namespace PgEdgeUsers.Core.Tests.Audit;

public sealed class ActorTests
{
    [Theory]
    [InlineData("root", true, "1001", null, "carla as root")]
    [InlineData("root", true, "1001", "dave", "carla as root")]
    [InlineData("root", true, "4294967295", "dave", "dave as root")]
    [InlineData("root", true, null, "dave", "dave as root")]
    [InlineData("root", true, "4294967295", null, "root")]
    [InlineData("root", true, null, "", "root")]
    [InlineData("root", true, "1", null, "root")]
    [InlineData("carla", false, "1001", null, "carla")]
    [InlineData("pgedge", false, "1001", null, "carla as pgedge")]
    [InlineData("carla", false, null, "dave", "carla")]
    [InlineData("carla", false, "what?", null, "carla")]
    public void The_actor_is_the_person_who_logged_in_and_the_account_if_it_differs(
        string account, bool isPrivileged, string? loginUid, string? sudoUser, string actor)
    {
        Assert.Equal(
            actor, Actor.Of(account, isPrivileged, loginUid, sudoUser, uid => uid == 1001 ? "carla" : account));
    }
}
