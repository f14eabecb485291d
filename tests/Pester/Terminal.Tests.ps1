# What a person sees and types at a terminal: prompts, Ctrl+C, progress and color.

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/terminal.ps1

    $password = 'plum violin orbit ladder'

    # PowerShell with the module and the user file; a command, or else a prompt.
    function Start-Shell([string] $Command, [hashtable] $Environment = @{}) {
        $import = "Import-Module '$ModulePath'; $Command"
        $mode = if ($Command) { '-Command', $import } else { '-NoLogo', '-NoExit', '-Command', $import }
        Start-Terminal ($TerminalShell + '-NoProfile' + $mode) ($Environment + @{ PGEDGE_AUTH_USER_FILE = $file })
    }
}

Describe 'At a terminal' {
    BeforeEach {
        $file = New-UserFile
        $before = Get-Content $file -Raw
    }

    AfterEach {
        Stop-Terminal $terminal
        $terminal = $null
    }

    Context 'A password prompt' {
        It 'asks for a new password twice and does not show it' {
            $terminal = Start-Shell 'Set-PgEdgeUser alice -WarningAction Ignore'
            Wait-Terminal $terminal "New password for user 'alice'"
            Wait-Terminal $terminal 'Password: '
            Send-Key $terminal "$password`r"
            Wait-Terminal $terminal 'Password again: '
            Send-Key $terminal "$password`r"
            Close-Terminal $terminal

            "$($terminal.Screen)" | Should -Not -Match 'plum|violin'
            $login = [pscredential]::new('alice', (New-Secret $password))
            (New-PgEdgeSession $login -Path $file).Username | Should -Be alice
        }

        It 'asks again if the two passwords differ, and gives up after three tries' {
            $terminal = Start-Shell 'Set-PgEdgeUser alice'
            1..3 | ForEach-Object {
                Wait-Terminal $terminal 'Password: '
                Send-Key $terminal "$password`r"
                Wait-Terminal $terminal 'Password again: '
                Send-Key $terminal "another $password`r"
            }

            Close-Terminal $terminal | Should -Match 'Set-PgEdgeUser: .*alice'
            Get-Content $file -Raw | Should -BeExactly $before
        }

        It 'asks once to sign in and does not show the password' {
            $terminal = Start-Shell 'New-PgEdgeSession alice'
            Wait-Terminal $terminal 'Password for user alice: '
            Send-Key $terminal "$($Passwords.alice)`r"

            Close-Terminal $terminal | Should -Match ' alice '
            "$($terminal.Screen)" | Should -Not -Match $Passwords.alice
        }
    }

    Context 'A confirmation of Remove-PgEdgeUser' {
        It 'names the user and the file, and keeps the user after No' {
            $terminal = Start-Shell 'Remove-PgEdgeUser bob'
            Wait-Terminal $terminal "User 'bob' in '$file'"
            Wait-Terminal $terminal '): '
            Send-Key $terminal "n`r"
            Close-Terminal $terminal

            Get-Content $file -Raw | Should -BeExactly $before
        }

        It 'is asked for each user until Yes to All' {
            $terminal = Start-Shell '''alice'', ''bob'', ''charlie'' | Remove-PgEdgeUser -WarningAction Ignore'
            'n', 'a' | ForEach-Object {
                Wait-Terminal $terminal '): '
                Send-Key $terminal "$_`r"
            }
            Close-Terminal $terminal

            (Get-PgEdgeUser -Path $file).Username | Should -Be alice
        }
    }

    Context 'Ctrl+C' {
        It 'leaves the file unchanged and returns to the prompt: <Name>' -ForEach @(
            @{
                Name = 'at a password prompt'
                Command = 'Set-PgEdgeUser alice'; Shown = 'Password: '; Typed = 'violin'
            }
            @{
                Name = 'while passwords are hashed'
                Command = '1..99 | ForEach-Object { "user$_" } | New-PgEdgeUser -GeneratePassword'
                Shown = 'Hashing passwords'
            }
            @{
                Name = 'while waiting for the lock'
                Command = 'Disable-PgEdgeUser bob'; Shown = 'Waiting for another change'; IsLocked = $true
            }
        ) {
            if ($IsLocked) {
                # .NET locks a file in the way that the module does.
                $lock = [System.IO.FileStream]::new("$file.lock", [System.IO.FileStreamOptions] @{
                    Mode = 'Create'; Access = 'ReadWrite'; Share = 'None'; UnixCreateMode = 'UserRead, UserWrite'
                })
            }
            try {
                $terminal = Start-Shell
                Wait-Terminal $terminal '> '
                Send-Key $terminal "$Command`r"
                Wait-Terminal $terminal $Shown
                if ($Typed) {
                    Send-Key $terminal $Typed
                    Wait-Terminal $terminal '**'
                }
                Send-Key $terminal "`u{3}"
                Wait-Terminal $terminal '> '
                Send-Key $terminal "'still', 'here' -join ' '`r"
                Wait-Terminal $terminal 'still here'
                Send-Key $terminal "exit`r"
                Close-Terminal $terminal
            }
            finally {
                ${lock}?.Dispose()
            }

            Get-Content $file -Raw | Should -BeExactly $before
            Get-ChildItem (Split-Path $file) -Force -Exclude *.lock | ForEach-Object Name | Should -Be users.yaml
        }
    }

    Context 'Progress' {
        It 'is shown while many passwords are generated' {
            $terminal = Start-Shell '@(1..8 | ForEach-Object { "user$_" } | New-PgEdgeUser -GeneratePassword).Count'

            Close-Terminal $terminal | Should -Match '(?s)Hashing passwords.* of 8.*8\r'
        }
    }

    Context 'The color of a disabled user' {
        BeforeAll {
            $yellow = "`e[33mDisabled`e[0m"
        }

        It 'is shown in tables and lists' {
            $terminal = Start-Shell 'Get-PgEdgeUser; Get-PgEdgeUser charlie | Format-List'
            $screen = Close-Terminal $terminal

            [regex]::Matches($screen, [regex]::Escape($yellow)).Count | Should -Be 2
            $screen | Should -Match 'Enabled  Developer'
        }

        It 'is not shown if <Name>' -ForEach @(
            @{ Name = 'NO_COLOR is set'; Environment = @{ NO_COLOR = '1' } }
            @{ Name = 'the terminal is dumb'; Environment = @{ TERM = 'dumb' } }
            @{ Name = 'PowerShell writes plain text'
                Command = '$PSStyle.OutputRendering = "PlainText"; Get-PgEdgeUser' }
            @{ Name = 'the output is text'; Command = '[Console]::Write((Get-PgEdgeUser | Out-String))' }
            @{ Name = 'the output is redirected'; Command = 'Get-PgEdgeUser > out.txt; Get-Content out.txt' }
        ) {
            $command = "Set-Location '$(Split-Path $file)'; $($Command ?? 'Get-PgEdgeUser')"
            $terminal = Start-Shell $command ($Environment ?? @{})

            Close-Terminal $terminal | Should -Match '(?m)^charlie [^\e]+ Disabled Former emp'
        }
    }

    Context 'The color of a refused sign-in' {
        BeforeAll {
            $signIn = '$wrong = [System.Net.NetworkCredential]::new("", "wrong").SecurePassword; ' +
                'New-PgEdgeSession -Username eve -Password $wrong -ErrorAction Ignore'
        }

        It 'is shown in tables, and that of a success is not' {
            $change = 'Disable-PgEdgeUser bob -NoWait -WarningAction Ignore'
            $terminal = Start-Shell "$signIn; $change; Get-PgEdgeAuditEvent"
            $screen = Close-Terminal $terminal

            $screen | Should -Match ' eve [^\e]+ \e\[31mUnknownUser\e\[0m'
            $screen | Should -Match ' bob [^\e]+ Success'
        }

        It 'is not shown if <Name>' -ForEach @(
            @{ Name = 'NO_COLOR is set'; Environment = @{ NO_COLOR = '1' } }
            @{ Name = 'the terminal is dumb'; Environment = @{ TERM = 'dumb' } }
            @{ Name = 'the output is redirected'; Command = 'Get-PgEdgeAuditEvent > out.txt; Get-Content out.txt' }
        ) {
            $command = "Set-Location '$(Split-Path $file)'; $signIn; $($Command ?? 'Get-PgEdgeAuditEvent')"
            $terminal = Start-Shell $command ($Environment ?? @{})

            Close-Terminal $terminal | Should -Match ' eve [^\e]+ UnknownUser'
        }
    }
}
