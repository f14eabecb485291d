using System.Management.Automation;
using System.Management.Automation.Host;
using PgEdgeUsers.Core;

namespace PgEdgeUsers;

/// <summary>Asks for confirmation. If nobody can answer, it throws a terminating error.</summary>
internal sealed class Confirmation(PSCmdlet cmdlet)
{
    /// <summary>Whether <c>-WhatIf</c> is given or set for the session.</summary>
    public bool IsWhatIf => cmdlet.MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given)
        ? given is SwitchParameter { IsPresent: true }
        : LanguagePrimitives.IsTrue(cmdlet.GetVariableValue("WhatIfPreference"));

    /// <summary>Asks whether to continue.</summary>
    /// <param name="what">The target as named in the question.</param>
    /// <param name="action">The action.</param>
    /// <param name="target">The name or path, for the error.</param>
    /// <param name="impact">
    /// The impact of the change, if it is lower than that of the cmdlet. The question is asked only if this impact
    /// requires it.
    /// </param>
    public bool Asks(string what, string action, string target, ConfirmImpact? impact = null)
    {
        if (impact is { } low && !IsWhatIf && !Requires(low))
        {
            cmdlet.WriteVerbose(VisibleText.Of($"Performing the operation \"{action}\" on target \"{what}\"."));
            return true;
        }

        try
        {
            return cmdlet.ShouldProcess(VisibleText.Of(what), action);
        }
        catch (Exception e) when (IsUnanswered(e))
        {
            cmdlet.ThrowTerminatingError(Errors.ConfirmationRequired(target, e));
            throw;
        }
    }

    /// <summary>Whether the session requires confirmation of changes with an impact.</summary>
    private bool Requires(ConfirmImpact impact) => cmdlet.MyInvocation.BoundParameters.ContainsKey("Confirm")
        || (LanguagePrimitives.TryConvertTo<ConfirmImpact>(cmdlet.GetVariableValue("ConfirmPreference"), out var least)
            && least != ConfirmImpact.None
            && impact >= least);

    /// <summary>
    /// Whether an exception means that nobody could answer a question, which each host reports differently.
    /// PowerShell's console fails with a NullReferenceException at the end of its input.
    /// </summary>
    public static bool IsUnanswered(Exception failure) => failure switch
    {
        HostException or PSInvalidOperationException or NotImplementedException or PSNotImplementedException => true,
        NullReferenceException => failure.Source == "Microsoft.PowerShell.ConsoleHost",
        InvalidOperationException =>
            failure.TargetSite?.Module.Assembly is { } thrower && thrower != typeof(Confirmation).Assembly,
        _ => false,
    };
}
