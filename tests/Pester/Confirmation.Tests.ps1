# -Confirm and -WhatIf, in a PowerShell process whose input is redirected: all cases of a kind in one process, each with
# a file of its own.

BeforeDiscovery {
    $answered = @(
        @{ Command = 'Remove-PgEdgeUser bob -Path $file'; Answers = 'y'; Users = 'alice charlie' }
        @{ Command = 'Remove-PgEdgeUser bob -Path $file'; Answers = 'n' }
        @{ Command = 'Disable-PgEdgeUser bob -Path $file -Confirm'; Answers = 'n' }
        @{ Command = 'Enable-PgEdgeUser charlie -Path $file -Confirm'; Answers = 'n' }
        @{ Command = 'Set-PgEdgeUser bob -Annotation Lead -Path $file -Confirm'; Answers = 'n' }
        @{ Command = 'New-PgEdgeUser dora -Path $file -Confirm'; Answers = 'n' }
        @{
            Command = 'New-PgEdgeSession ([pscredential]::new("alice", [securestring]::new())) -Path $file -Confirm'
            Answers = 'n'
        }
        @{ Command = '$ConfirmPreference = "Low"; Disable-PgEdgeUser bob -Path $file'; Answers = 'n' }
        @{ Command = 'Repair-PgEdgeUserFile $file -Confirm'; Answers = 'n'; Username = 'Bob' }
        @{
            Command = 'Repair-PgEdgeUserFile $file -Confirm'; Answers = 'y'; Username = 'Bob'
            Users = 'alice bob charlie'
        }
        # One answer for each user, or one for all.
        @{
            Command = 'Get-PgEdgeUser -Path $file | Remove-PgEdgeUser'; Answers = 'n', 'y', 'n'; Users = 'alice charlie'
        }
        @{ Command = '"alice", "bob", "charlie" | Remove-PgEdgeUser -Path $file'; Answers = 'a'; Users = '' }
        # A user that was refused is not in the way of the next.
        @{
            Command = '"dora", "Dora" | New-PgEdgeUser -GeneratePassword -Path $file -Confirm | Out-Null'
            Answers = 'n', 'y'; Users = 'alice bob charlie Dora'
        }
        # Nothing to ask about.
        @{ Command = 'Remove-PgEdgeUser dora, x* -Path $file'; Answers = @(); Failures = 'UserNotFound: dora' }
        @{ Command = 'Repair-PgEdgeUserFile $file -Confirm'; Answers = @() }
        # The last: the answers end after the first user.
        @{
            Command = '"alice", "bob", "charlie" | Remove-PgEdgeUser -Path $file'; Answers = 'y'; Asked = 2
            Failures = 'ConfirmationRequired: bob'
        }
    )
    $whatIf = @(
        @{ Command = 'Disable-PgEdgeUser * -Path $file -WhatIf'; Lines = 2 }
        @{ Command = 'Enable-PgEdgeUser charlie -Path $file -WhatIf'; Lines = 1 }
        @{ Command = 'Set-PgEdgeUser alice, bob -Annotation Lead -Path $file -WhatIf'; Lines = 2 }
        @{ Command = 'Set-PgEdgeUser alice -Path $file -WhatIf'; Lines = 1 }
        @{ Command = 'Set-PgEdgeUser alice -GeneratePassword -Path $file -WhatIf'; Lines = 1 }
        @{ Command = 'Remove-PgEdgeUser alice, bob -Path $file -WhatIf'; Lines = 2 }
        @{ Command = 'Get-PgEdgeUser -Path $file | Remove-PgEdgeUser -WhatIf'; Lines = 3 }
        @{ Command = 'New-PgEdgeUser dora -Path $file -WhatIf'; Lines = 1 }
        @{ Command = 'New-PgEdgeSession $right -Path $file -WhatIf'; Lines = 1 }
        @{ Command = 'New-PgEdgeSession $wrong -MaxFailedAttempts 1 -Path $file -WhatIf'; Lines = 1 }
        @{ Command = 'Repair-PgEdgeUserFile $file -WhatIf'; Lines = 1; Username = 'Bob' }
        @{ Command = '$WhatIfPreference = $true; Disable-PgEdgeUser alice -Path $file'; Lines = 1 }
        @{ Command = '$WhatIfPreference = $true; New-PgEdgeSession $right -Path $file'; Lines = 1 }
        # What could not be done.
        @{
            Command = 'Set-PgEdgeUser alice -Annotation "a`nb" -Path $file -WhatIf'; Lines = 0
            Failures = 'InvalidAnnotation: alice'
        }
        @{ Command = 'Disable-PgEdgeUser nobody -Path $file -WhatIf'; Lines = 0; Failures = 'UserNotFound: nobody' }
        @{
            Command = '"dora", "erin", "dora" | New-PgEdgeUser -Path $file -WhatIf'; Lines = 2
            Failures = 'UserExists: dora'
        }
        @{ Command = '"dora", "Dora" | New-PgEdgeUser -Path $file -WhatIf'; Lines = 1; Failures = 'UserExists: Dora' }
        @{
            Command = '$WhatIfPreference = $true; "dora", "Dora" | New-PgEdgeUser -Path $file'; Lines = 1
            Failures = 'UserExists: Dora'
        }
    )
    foreach ($cases in $answered, $whatIf) {
        for ($i = 0; $i -lt $cases.Count; $i++) {
            $cases[$i].Index = $i
        }
    }
}

BeforeAll {
    . $PSScriptRoot/common.ps1

    # Runs the cases and returns for each its file, what was shown, and its errors.
    function Invoke-Case($Cases, [string[]] $Answers) {
        $files = foreach ($case in $Cases) {
            $file = New-UserFile
            if ($case.Username) {
                Edit-UserFile $file 'username: bob' "username: $($case.Username)"
            }
            $file
        }
        $script = foreach ($case in $Cases) {
            "'=== case ==='; & { `$file = '$($files[$case.Index])'; `$Error.Clear()"
            "try { & { $($case.Command) } 2> `$null } catch { }"
            '$Error | ForEach-Object { "error: $($_.FullyQualifiedErrorId -replace ",.*"): $($_.TargetObject)" } }'
        }
        $secrets = @'
$right, $wrong = 'correct horse battery', 'not the right password' |
    ForEach-Object { [pscredential]::new('alice', [System.Net.NetworkCredential]::new('', $_).SecurePassword) }

'@
        $screen = Invoke-Shell ($secrets + ($script -join "`n")) -Answers $Answers
        $shown = $screen -join "`n" -split '=== case ===\n?' | Select-Object -Skip 1
        $shown | Should -HaveCount $Cases.Count
        foreach ($case in $Cases) {
            [pscustomobject]@{
                File = $files[$case.Index]; Screen = $shown[$case.Index]
                Failures = @([regex]::Matches($shown[$case.Index], '(?m)error: (.*)$').ForEach({ $_.Groups[1].Value }))
            }
        }
    }
}

Describe 'A confirmation' -ForEach @{ Cases = $answered } {
    BeforeAll {
        $results = Invoke-Case $Cases $Cases.Answers
    }

    It 'is asked and answered with "<Answers>": <Command>' -ForEach $answered {
        $result = $results[$Index]
        # Narrow screens break lines.
        $screen = $result.Screen -replace '\s+', ' '
        $questions = [regex]::Matches($screen, 'Performing the operation ".+?" on target ".+?"\.').ForEach({ $_.Value })

        $questions | Should -HaveCount ($Asked ?? $Answers.Count)
        $questions | Where-Object { $_ -notlike "*'$($result.File)'*" } | Should -BeNullOrEmpty
        $result.Failures | Should -BeExactly ($Failures ?? @())
        if ($null -eq $Users) {
            Test-Untouched $result.File | Should -BeTrue
        }
        else {
            "$(Get-PgEdgeUser -Path $result.File)" | Should -BeExactly $Users
        }
    }

    It 'names the operation, the user and the file' {
        $results[0].Screen -replace '\s+', ' ' |
            Should -BeLike "*Performing the operation `"Remove`" on target `"User 'bob' in '$($results[0].File)'`".*"
        $results[8].Screen -replace '\s+', ' ' |
            Should -BeLike "*`"Repair 1 finding`" on target `"User file '$($results[8].File)'`".*"
    }

    It 'that nobody can answer is an error, and nothing is changed: <_>' -ForEach @(
        'Remove-PgEdgeUser bob -Path $file'
        'Disable-PgEdgeUser bob -Path $file -Confirm'
        'Repair-PgEdgeUserFile $file -Confirm'
        'Remove-PgEdgeSession -All -Path $file -Confirm'
    ) {
        $file = New-UserFile
        Edit-UserFile $file 'username: bob' 'username: Bob'
        $shell = New-PowerShell $_ $file
        $null = $shell.Invoke()

        $shell.Streams.Error.FullyQualifiedErrorId | Should -BeLike 'ConfirmationRequired,PgEdgeUsers.Commands.*'
        $shell.Streams.Error.CategoryInfo.Category | Should -Be InvalidOperation
        "$($shell.Streams.Error)" | Should -BeLike '*-Confirm:$false*'
        Test-Untouched $file | Should -BeTrue
        $shell.Dispose()
    }
}

Describe '-WhatIf' -ForEach @{ Cases = $whatIf } {
    BeforeAll {
        $results = Invoke-Case $Cases
    }

    It 'shows what would be done, and does nothing: <Command>' -ForEach $whatIf {
        $result = $results[$Index]
        $shown = @($result.Screen -split '\n' | Where-Object { $_ })

        $shown -like "What if: *'$($result.File)'*" | Should -HaveCount $Lines
        $shown -notlike 'What if: *' -notlike 'error: *' | Should -BeNullOrEmpty
        $result.Failures | Should -BeExactly ($Failures ?? @())
        Test-Untouched $result.File | Should -BeTrue
        Get-Sidecar $result.File | Should -BeNullOrEmpty
    }

    It 'says how much would be repaired' {
        $results[10].Screen |
            Should -BeLike "What if: *`"Repair 1 finding`" on target `"User file '$($results[10].File)'`".*"
    }

    It 'rejects a name that is added twice as a real run does: <Names>' -ForEach @(
        @{ Names = 'dora', 'erin', 'dora'; Failure = 'UserExists: dora' }
        @{ Names = 'dora', 'Dora'; Failure = 'UserExists: Dora' }
    ) {
        $file = New-UserFile
        $password = New-Secret $Passwords.new

        (Invoke-Script { $Names | New-PgEdgeUser -Password $password -Path $file }).Failures |
            Should -BeExactly $Failure
    }
}
